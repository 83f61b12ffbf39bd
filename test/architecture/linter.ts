import { QUIET_BUILTINS, READING, RESERVED, ZONES, type Zone } from './rules.ts';

interface Pattern {
  readonly group?: readonly string[];
  readonly regex?: string;
  readonly allowImportNames?: readonly string[];
  readonly message: string;
}

export interface Override {
  readonly files: readonly string[];
  readonly rules: Readonly<Record<string, unknown>>;
}

const DEEPEST = 3;
const FOLDERS = [...new Set(ZONES.flatMap((zone) => zone.places.map((place) => place.split('/')[1]!)))];
/** Paths that say the same thing in a roundabout way, and so would slip through the patterns. */
const ROUNDABOUT = '/\\./|[^./]/\\.\\./|^\\./\\.\\./|^[/#]|^file:';

/** The table as oxlint understands it: patterns over what is written, while the walker resolves. The last override that covers a file wins. */
export function linterOverrides(): Override[] {
  return ZONES.flatMap((zone) => (isPlugin(zone) ? pluginOverrides(zone) : [override(zone, files(zone), inner(zone))]));
}

function isPlugin(zone: Zone): boolean {
  return zone.places.every((place) => /^src\/(providers|sinks)\/[^/]+\//.test(place));
}

function files(zone: Zone): string[] {
  return zone.places.map((place) => (place.endsWith('/') ? `${place}**/*.ts` : place));
}

/** How far up `..` leaves the plugin depends on how deep a file lies, so there is one override for each depth. */
function pluginOverrides(zone: Zone): Override[] {
  const beside = `${folderOf(zone)}/`;
  const contracts = zone.mayImport
    .filter((place) => place.startsWith(beside))
    .map((place) => place.slice(beside.length));
  const isOneFile = !zone.places[0]!.endsWith('/');
  return Array.from({ length: isOneFile ? 1 : DEEPEST }, (_, depth) => {
    const up = '../'.repeat(depth + 1);
    const places = zone.places.map((place) => (isOneFile ? place : `${place}${'*/'.repeat(depth)}*.ts`));
    const allowed = contracts.map((contract) => `!${up}${contract.endsWith('/') ? `${contract}**` : contract}`);
    return override(zone, places, [`${up}*.ts`, `${up}[!.]*/**`, ...allowed, ...packages(zone)]);
  });
}

/** In oxlint a negation in one group silences every other group for that import, so each import is judged by one group. */
function override(zone: Zone, places: readonly string[], more: readonly string[]): Override {
  const outside = zone.packages === 'any' ? '' : '; it takes no package and does no I/O';
  const message = `${zone.name} may import only ${['its own folder', ...zone.mayImport].join(', ')}${outside}`;
  const group = [...nothingFromOutside(zone), ...more, ...foreignContracts(zone)];
  const patterns: Pattern[] = [
    { regex: ROUNDABOUT, message: 'write the path without detours' },
    { regex: `^(\\.\\./)+(.*/)?(${foreignFolders(zone).join('|')})/`, message },
    ...(group.length > 0 ? [{ group, message }] : []),
    ...external(zone),
  ];
  const isUsual = zone.readsEnvironment === undefined && zone.readsTheClock === undefined;
  const restricted = isUsual ? {} : { 'no-restricted-properties': properties(zone) };
  return { files: places, rules: { 'no-restricted-imports': ['error', { patterns }], ...restricted } };
}

function folderOf(zone: Zone): string {
  return zone.places[0]!.split('/')[1]!;
}

/** Folders that the zone may take nothing from. */
function foreignFolders(zone: Zone): string[] {
  return FOLDERS.filter(
    (folder) => folder !== folderOf(zone) && !zone.mayImport.some((place) => place.startsWith(`${folder}/`)),
  );
}

/** Folders that the zone may take some files from. */
function foreignContracts(zone: Zone): string[] {
  const folders = FOLDERS.filter((folder) => folder !== folderOf(zone) && !zone.mayImport.includes(`${folder}/`));
  const files = zone.mayImport.filter((place) => folders.some((folder) => place.startsWith(`${folder}/`)));
  const partly = new Set(files.map((place) => place.split('/')[0]!));
  return [...[...partly].map((folder) => `**/${folder}/**`), ...files.map((place) => `!**/${place}`)];
}

/** A contract or a registry lies among the plugins and may not look into them. */
function inner(zone: Zone): string[] {
  if (!/^src\/(providers|sinks)\//.test(zone.places[0]!)) return [];
  const allowed = zone.mayImport.filter((place) => place.startsWith(`${folderOf(zone)}/`));
  const words = zone.mayImport.filter((place) => place.endsWith('/'));
  return [
    '**',
    ...allowed.map((place) => `!./${place.slice(folderOf(zone).length + 1)}`),
    ...words.map((place) => `!../${place}**`),
    ...packages(zone),
  ];
}

function packages({ packages: names }: Zone): string[] {
  return names === 'none' || names === 'any' ? [] : names.map((name) => `!${name}`);
}

function external(zone: Zone): Pattern[] {
  if (zone.packages !== 'any') return [];
  const names = Object.keys(RESERVED).toSorted((a, b) => Number(b.endsWith('*')) - Number(a.endsWith('*')));
  const group = names.map((name) => (RESERVED[name]!.includes(zone.name) ? `!${name}` : name));
  const reserved = { group, message: 'this package has one home, see test/architecture/rules.ts' };
  return [reserved, ...fileAccess(zone)];
}

/** Refuses packages and builtins, where the zone takes none. */
function nothingFromOutside(zone: Zone): string[] {
  if (zone.packages === 'any') return [];
  const builtins = zone.builtins === 'quiet' ? QUIET_BUILTINS.map((name) => `!node:${name}`) : [];
  return ['*', '!./**', '!../**', ...builtins];
}

function fileAccess(zone: Zone): Pattern[] {
  const group = ['node:fs', 'node:fs/promises'];
  if (zone.files === 'writes') return [];
  if (zone.files === 'reads')
    return [{ group, allowImportNames: READING, message: `${zone.name} may only read files` }];
  return [{ group, message: `${zone.name} may not touch files` }];
}

/** What the whole repository obeys, less what the zone may do. */
export function properties(zone: Partial<Zone>): unknown[] {
  const environment = { object: 'process', property: 'env', message: 'settings come from the config' };
  const clock = [
    { object: 'Date', property: 'now', message: 'time comes from Clock' },
    { object: 'Math', property: 'random', message: 'chance comes from the caller' },
  ];
  return ['error', ...(zone.readsEnvironment ? [] : [environment]), ...(zone.readsTheClock ? [] : clock)];
}
