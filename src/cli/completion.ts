import { commandNames, commands } from './commands.ts';
import { optionNames } from './options.ts';

const names = commandNames.join(' ');
const options = optionNames.map((name) => `--${name}`).join(' ');
const withWords = commandNames.flatMap((name) => {
  const words = commands[name]?.words ?? [];
  return words.length === 0 ? [] : [{ name, words: words.join(' ') }];
});

const bash = `_netcheck() {
  local word=\${COMP_WORDS[COMP_CWORD]} first=\${COMP_WORDS[1]}
  if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '${options}' -- "$word")); return; fi
  if ((COMP_CWORD == 1)); then COMPREPLY=($(compgen -W '${names}' -- "$word")); return; fi
  case $first in
${withWords.map(({ name, words }) => `    ${name}) COMPREPLY=($(compgen -W '${words}' -- "$word")) ;;`).join('\n')}
  esac
}
complete -o default -F _netcheck netcheck`;

const zsh = `#compdef netcheck
_netcheck() {
  if [[ $words[CURRENT] == -* ]]; then compadd -- ${options}; return; fi
  if ((CURRENT == 2)); then compadd -- ${names}; return; fi
  case $words[2] in
${withWords.map(({ name, words }) => `    ${name}) compadd -- ${words} ;;`).join('\n')}
    *) _files ;;
  esac
}
if [[ $funcstack[1] == _netcheck ]]; then _netcheck "$@"; else compdef _netcheck netcheck; fi`;

const fish = [
  ...commandNames.map(
    (name) =>
      `complete -c netcheck -n __fish_use_subcommand -a ${name} -d '${(commands[name]?.sentence ?? '').replace(/'/g, "\\'")}'`,
  ),
  ...withWords.map(({ name, words }) => `complete -c netcheck -n '__fish_seen_subcommand_from ${name}' -a '${words}'`),
  ...optionNames.map((name) => `complete -c netcheck -l ${name}`),
].join('\n');

const pwsh = `Register-ArgumentCompleter -Native -CommandName netcheck -ScriptBlock {
  param($word, $ast, $position)
  $first = if ($ast.CommandElements.Count -gt 1) { "$($ast.CommandElements[1])" } else { '' }
  $isFirst = $ast.CommandElements.Count -le 1 -or ($ast.CommandElements.Count -eq 2 -and $word -ne '')
  $known = if ($word -like '-*') { '${options}' } elseif ($isFirst) { '${names}' } else {
    switch ($first) {
${withWords.map(({ name, words }) => `      '${name}' { '${words}' }`).join('\n')}
      default { '' }
    }
  }
  $known -split ' ' | Where-Object { $_ -and $_ -like "$word*" } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
}`;

/** By shell. */
export const completions: Readonly<Record<string, string>> = { bash, zsh, fish, pwsh };
