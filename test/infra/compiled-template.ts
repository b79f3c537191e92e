import { fileURLToPath } from 'node:url';
import { findBicep, howToGetBicep, runBicep } from '../../scripts/find-bicep.ts';
import { notRun } from '../support/run/not-run.ts';

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Properties = Record<string, any>;

export interface Resource {
  /** The modules that lead to it, such as `main/access`. */
  readonly module: string;
  readonly type: string;
  readonly name: string;
  readonly scope?: string;
  readonly condition?: unknown;
  readonly properties: Properties;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly [member: string]: any;
}

interface Template {
  readonly parameters: Record<string, { type: string; defaultValue?: unknown; metadata?: { description?: string } }>;
  readonly definitions?: Record<string, unknown>;
  readonly variables?: Record<string, unknown>;
  readonly resources: Record<string, Resource> | Resource[];
  readonly outputs?: Record<string, { value: unknown }>;
}

export interface Compiled {
  readonly main: Template;
  /** Every template, the modules' too. */
  readonly templates: readonly Template[];
  /** Every resource that is deployed, with the variables of its template written out. */
  readonly resources: readonly Resource[];
  /** Every module's deployment as it was compiled, by its module. */
  readonly deployments: ReadonlyMap<string, Resource>;
  readonly of: (type: string) => Resource[];
}

/** infra/main.bicep as it is deployed; `undefined`, said aloud, without a compiler. */
export function compileInfra(): Compiled | undefined {
  const bicep = findBicep();
  if (bicep === undefined) {
    notRun('the checks of infra/', howToGetBicep);
    return undefined;
  }
  const file = fileURLToPath(new URL('../../infra/main.bicep', import.meta.url));
  const { stdout, stderr, status } = runBicep(bicep, ['build', file, '--stdout']);
  if (status !== 0) throw new Error(stderr);
  const main = JSON.parse(stdout) as Template;
  const templates: Template[] = [];
  const deployments = new Map<string, Resource>();
  const resources = [...flatten(main, 'main', templates, deployments)];
  return {
    main,
    templates,
    resources,
    deployments,
    of: (type) => resources.filter((resource) => resource.type === type),
  };
}

function* flatten(
  template: Template,
  module: string,
  templates: Template[],
  deployments: Map<string, Resource>,
): Generator<Resource> {
  templates.push(template);
  for (const resource of Object.values(template.resources)) {
    if (resource.existing) continue;
    if (resource.type === 'Microsoft.Resources/deployments') {
      // Where a module is deployed several times, its loop has a name and each deployment a computed one.
      const inner = `${module}/${(resource.copy as { name: string } | undefined)?.name ?? resource.name}`;
      deployments.set(inner, resource);
      yield* flatten(resource.properties.template as Template, inner, templates, deployments);
    } else yield { ...(writeOut(resource, template.variables ?? {}) as Resource), module };
  }
}

/** With `variables('x')` replaced by what x is. */
function writeOut(value: unknown, variables: Record<string, unknown>): unknown {
  if (typeof value === 'string') {
    const whole = /^\[variables\('(\w+)'\)\]$/.exec(value)?.[1];
    if (whole !== undefined && typeof variables[whole] !== 'string') return variables[whole];
    return value.replace(/variables\('(\w+)'\)/g, (_text, name: string) => {
      const variable = variables[name];
      if (typeof variable !== 'string') return JSON.stringify(variable);
      return variable.startsWith('[') ? variable.slice(1, -1) : `'${variable}'`;
    });
  }
  if (Array.isArray(value)) return value.map((one) => writeOut(one, variables));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, writeOut(member, variables)]));
}
