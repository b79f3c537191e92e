#!/bin/sh
# Puts PowerShell beside the packages (node_modules/.cache/powershell), from NuGet, by the .NET SDK.
set -eu
version=7.6.9
cache=$(cd "$(dirname "$0")/.." && pwd)/node_modules/.cache/powershell
[ ! -x "$cache/pwsh" ] || [ "$(cat "$cache/version" 2>/dev/null)" != "$version" ] || exit 0
command -v dotnet >/dev/null || { echo 'The .NET SDK is not there: install PowerShell as https://aka.ms/powershell says.' >&2; exit 1; }
rm -rf "$cache"
dotnet tool install PowerShell --version "$version" --tool-path "$cache" --verbosity quiet
printf '%s' "$version" >"$cache/version"
