import { fastIso } from '../../kit/fast-iso.ts';
import { cellsOf } from '../raw-cells.ts';
import type { Body, Edition } from './edition.ts';
import { EDITION_1_8 } from './edition-1-8.ts';
import { plainStatus, VERDICTS } from './findings.ts';
import { LISTS } from './inventory.ts';
import { CLOUDS, type Data, madeUid, SEVERITIES } from './parts.ts';

type Part = Record<string, unknown>;

/** The plain event that an OCSF event was made of, field by field: nothing is lost on the way. */
export function recover(ocsf: Data, edition: Edition = EDITION_1_8): Part {
  const metadata = child(ocsf, 'metadata');
  const unmapped = child(ocsf, 'unmapped');
  const body = bodyOf(ocsf, edition);
  const time = isoOf(metadata['logged_time']);
  const plain: Part = {
    id: metadata['uid'],
    kind: String(metadata['log_name']).slice('muster.'.length),
    type: metadata['event_code'],
    time,
    occurred_at: isoOf(ocsf['time']),
    severity: keyOf(SEVERITIES, ocsf['severity_id']),
    message: ocsf['message'],
    account: accountOf(ocsf),
    identity: identityOf(ocsf, body),
    report: {
      source: metadata['log_source'],
      number: metadata['sequence'],
      generated_at: metadata['original_time'],
      collected_at: time,
    },
    ...OWN[body](ocsf, edition),
  };
  for (const [key, value] of Object.entries(unmapped)) plain[key] = merged(plain[key], value);
  const whole = defined(plain) ?? {};
  return body === 'inventory' ? withLastUses(whole, ocsf) : withCredentialId(whole, ocsf, body, edition);
}

type Recover = (ocsf: Data, edition: Edition) => Part;

const OWN: Readonly<Record<Body, Recover>> = {
  inventory: inventoryOf,
  access: () => ({}),
  user: (ocsf, { attributes }) => ({
    before: mfaOf(ocsf, 'user'),
    after: mfaOf(ocsf, attributes.userResult),
    data: windowOf(ocsf),
  }),
  entity: (ocsf, { attributes }) => ({
    before: child(ocsf, 'entity')['data'],
    after: child(ocsf, attributes.entityResult)['data'],
    data: windowOf(ocsf),
  }),
  compliance: findingOf,
  analysis: findingOf,
  detection: (ocsf) => ({ data: windowOf(ocsf) }),
  scan: (ocsf) => ({ data: defined({ identities: ocsf['total'], open_findings: ocsf['num_detections'] }) }),
  lifecycle: troubleOf,
  error: troubleOf,
};

function inventoryOf(ocsf: Data): Part {
  const user = child(ocsf, 'user');
  const { raw_data: raw } = ocsf;
  return {
    data: defined({
      ...Object.fromEntries(LISTS.map((name) => [name, []])),
      mfa_enabled: user['has_mfa'],
      cells: typeof raw === 'string' ? cellsOf(raw) : undefined,
    }),
  };
}

/** Each key's last use, from the credential of the same place. */
function withLastUses(plain: Part, ocsf: Data): Part {
  const data = child(plain, 'data');
  const credentials = list(child(ocsf, 'user')['programmatic_credentials']);
  const keys = list(data['access_keys']).map((key, index) => {
    const lastUsed = isoOf(credentials[index]?.['last_used_time']);
    return lastUsed === undefined ? key : { ...key, last_used_at: lastUsed };
  });
  return { ...plain, data: { ...data, access_keys: keys } };
}

function findingOf(ocsf: Data): Part {
  const info = child(ocsf, 'finding_info');
  const analytic = child(info, 'analytic');
  const verdict = child(ocsf, 'compliance')['status_id'];
  const metadata = child(ocsf, 'metadata');
  return {
    finding_id: info['uid'] === metadata['uid'] ? undefined : info['uid'],
    status: plainStatus(ocsf['status_id']),
    cause: ocsf['status_detail'],
    check: defined({
      id: analytic['uid'],
      title: analytic['name'],
      remediation: child(ocsf, 'remediation')['desc'],
      controls: controlsOf(ocsf),
    }),
    data: defined({
      ...windowOf(ocsf),
      since: isoOf(info['first_seen_time']),
      verdict: [...VERDICTS].find(([, [id]]) => id === verdict)?.[0],
    }),
  };
}

/** One number for each standard: where there are more, they stand under `unmapped`. */
function controlsOf(ocsf: Data): Part | undefined {
  const checks = list(child(ocsf, 'compliance')['checks']);
  const standards = checks.map(({ uid, standards }) => [String((standards as unknown[])[0]), uid] as const);
  return checks.length === 0 ? undefined : Object.fromEntries(standards);
}

function troubleOf(ocsf: Data): Part {
  return { data: defined({ ...windowOf(ocsf), fault: ocsf['status_code'], message: ocsf['status_detail'] }) };
}

function mfaOf(ocsf: Data, name: string): Part | undefined {
  return defined({ mfa_enabled: child(ocsf, name)['has_mfa'] });
}

function windowOf(ocsf: Data): Part | undefined {
  const until = isoOf(ocsf['end_time']);
  if (until === undefined) return undefined;
  return { window: defined({ after: isoOf(ocsf['start_time']), until }) };
}

function accountOf(ocsf: Data): Part | undefined {
  if (ocsf['cloud'] === undefined) return undefined;
  const cloud = child(ocsf, 'cloud');
  const account = child(cloud, 'account');
  const labels = list(account['tags']).map(({ name, value }) => [String(name), value] as const);
  return {
    provider: [...CLOUDS].find(([, name]) => name === cloud['provider'])?.[0] ?? cloud['provider'],
    id: account['uid'],
    name: account['name'],
    labels: Object.fromEntries(labels),
  };
}

function identityOf(ocsf: Data, body: Body): Part | undefined {
  const { uid, name, type, uid_alt } = userIn(ocsf, body);
  if (uid === undefined) return undefined;
  const kind = type === 'Admin' ? 'root' : 'user';
  return defined({ kind, id: uid, name, unique_id: uid_alt });
}

function userIn(ocsf: Data, body: Body): Data {
  if (body === 'entity') return child(child(ocsf, 'entity'), 'user');
  if (body === 'inventory' || body === 'access' || body === 'user') return child(ocsf, 'user');
  return child(list(ocsf['resources'])[0] ?? {}, 'owner');
}

/** A credential's id stands where OCSF looks for it, unless it is a name that Muster made. */
function withCredentialId(plain: Part, ocsf: Data, body: Body, edition: Edition): Part {
  const uid = credentialUidIn(ocsf, body, edition);
  const credential = plain['credential'];
  const identity = child(plain, 'identity');
  const isAbout = credential !== undefined || body === 'entity';
  if (!isAbout || uid === undefined || credential === undefined) return plain;
  const told = credential as Data; // Muster's own
  const noun = body === 'entity' ? String(plain['type']).split('.')[0] : told['kind'];
  if (noun === 'user') return plain; // the entity is its owner
  const isMade = uid === madeUid(String(identity['id']), String(noun), told['created_at']);
  return isMade || told['id'] !== undefined ? plain : { ...plain, credential: { ...told, id: uid } };
}

function credentialUidIn(ocsf: Data, body: Body, { attributes }: Edition): unknown {
  if (body !== 'entity') return list(ocsf['resources'])[0]?.['uid'];
  return child(ocsf, attributes.entityResult)['uid'] ?? child(ocsf, 'entity')['uid'];
}

function bodyOf(ocsf: Data, { classes }: Edition): Body {
  const found = Object.entries(classes).filter(([, { uid }]) => uid === ocsf['class_uid']);
  const isAccess = child(ocsf, 'metadata')['log_name'] === 'muster.access';
  const body = found.find(([name]) => found.length === 1 || (name === 'access') === isAccess)?.[0];
  if (body === undefined) throw new RangeError(`no class ${String(ocsf['class_uid'])}`);
  return body as Body; // the keys of `classes` are the bodies
}

function merged(own: unknown, left: unknown): unknown {
  return isPart(own) && isPart(left) ? { ...own, ...left } : left;
}

/** Without the keys that have no value; undefined when there is none. */
function defined(part: Part): Part | undefined {
  const entries = Object.entries(part).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function keyOf(table: typeof SEVERITIES, id: unknown): string | undefined {
  return Object.entries(table).find(([, entry]) => entry.id === id)?.[0];
}

function isoOf(millis: unknown): string | undefined {
  return typeof millis === 'number' ? fastIso(millis) : undefined;
}

function child(part: Data, name: string): Data {
  const value = part[name];
  return isPart(value) ? value : {};
}

function list(value: unknown): readonly Data[] {
  return Array.isArray(value) ? value : [];
}

function isPart(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
