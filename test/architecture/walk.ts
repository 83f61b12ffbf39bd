import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { QUIET_BUILTINS, READING, RESERVED, ZONES, type Zone } from './rules.ts';
import { ambientIn, type Import, importsIn, tokens } from './source.ts';

export interface Violation {
  readonly file: string;
  readonly line: number;
  readonly what: string;
}

/** Every TypeScript file below `root/src` that is not a test, as `src/…`. */
export function sourceFiles(root: string): string[] {
  return readdirSync(`${root}/src`, { recursive: true, encoding: 'utf8' })
    .map((path) => `src/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.includes('/fixtures/'))
    .sort();
}

/** Checks a whole tree against the table, by resolving each import; type-only ones too. */
export function violations(root: string): Violation[] {
  return sourceFiles(root).flatMap((file) => violationsIn(file, readFileSync(`${root}/${file}`, 'utf8')));
}

export function violationsIn(file: string, source: string): Violation[] {
  const zone = zoneOf(file);
  if (zone === undefined) return [{ file, line: 1, what: 'is in no zone of test/architecture/rules.ts' }];
  const all = tokens(source);
  const imports = importsIn(all).flatMap((found) =>
    objections(zone, file, found).map((what) => ({ file, line: found.line, what: `${zone.name} ${what}` })),
  );
  const ambient = ambientIn(all)
    .filter(({ what }) => !(what === 'process.env' ? zone.readsEnvironment : zone.readsTheClock))
    .map(({ what, line }) => ({ file, line, what: `${zone.name} may not use ${what}` }));
  return [...imports, ...ambient];
}

function zoneOf(file: string): Zone | undefined {
  return ZONES.findLast((zone) => zone.places.some((place) => covers(place, file)));
}

/** A place that ends with a slash covers every file below it; any other place is one file. */
function covers(place: string, file: string): boolean {
  const pattern = place.replaceAll('.', '\\.').replaceAll('*', '[^/]+');
  return new RegExp(`^${pattern}${place.endsWith('/') ? '.+' : ''}$`).test(file);
}

function objections(zone: Zone, file: string, { specifier, names }: Import): string[] {
  if (specifier === '<computed>') return ['may not import what only the run time knows'];
  if (specifier.startsWith('.')) return relativeObjections(zone, file, specifier);
  const builtin = specifier.replace(/^node:/, '');
  if (specifier.startsWith('node:')) return builtinObjections(zone, builtin, names);
  if (builtinModules.includes(builtin)) return [`must say node:${builtin}`];
  return packageObjections(zone, specifier);
}

function relativeObjections(zone: Zone, file: string, specifier: string): string[] {
  const target = posix.join(posix.dirname(file), specifier);
  if (!target.startsWith('src/')) return [`may not leave src/ (${specifier})`];
  const inside = ownFolder(zone, file);
  if (inside !== undefined && target.startsWith(inside)) return [];
  const allowed = zone.mayImport.some((place) => covers(`src/${place}`, target));
  return allowed ? [] : [`may not import ${target}`];
}

/** The folder that a file may roam in: its zone's, which is the plugin's where the zone is a plugin. */
function ownFolder(zone: Zone, file: string): string | undefined {
  const [src, folder, plugin, ...rest] = file.split('/');
  const isPlugins = folder === 'providers' || folder === 'sinks';
  if (!isPlugins) return `${src}/${folder}/`;
  return rest.length > 0 ? `${src}/${folder}/${plugin}/` : undefined;
}

function builtinObjections(zone: Zone, builtin: string, names: readonly string[]): string[] {
  const [top = ''] = builtin.split('/');
  if (zone.builtins === 'none') return [`may not import node:${builtin}`];
  if (zone.builtins === 'quiet' && !QUIET_BUILTINS.includes(top)) return [`may not do I/O (node:${builtin})`];
  if (top !== 'fs' || zone.files === 'writes') return [];
  if (zone.files !== 'reads') return ['may not touch files'];
  return names.filter((name) => !READING.includes(name)).map((name) => `may not take ${name} from node:${builtin}`);
}

function packageObjections(zone: Zone, specifier: string): string[] {
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  const owners = RESERVED[name] ?? RESERVED[name.replace(/\/.*/, '/*')];
  if (owners !== undefined && !owners.includes(zone.name)) return [`may not import ${name}`];
  const allowed = zone.packages === 'any' || (zone.packages !== 'none' && zone.packages.includes(name));
  return allowed ? [] : [`may not import the package ${name}`];
}
