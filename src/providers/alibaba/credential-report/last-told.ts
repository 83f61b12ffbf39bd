import { formatInstant, type Instant } from '../../../domain/instant.ts';
import { type CredentialRecord, valueOf } from '../../../domain/record.ts';
import { readJson } from '../../../kit/json-bytes.ts';
import { readInstant } from '../../../kit/read-instant.ts';
import type { Look } from '../../provider.ts';
import { LOGIN_DISABLED } from './cells.ts';
import { readBefore } from './gather.ts';
import { SYNTHESIS_PART, SynthesisPart } from './parts.ts';
import { ROOT_USER, userNameOf } from './row.ts';
import { isUntold, type UserAnswers } from './user-answers.ts';

type Told = (column: string) => string | undefined;

/** What the cloud's last report told and no API tells: the root's row, and when passwords were changed. */
export interface LastTold {
  /** When the cloud's own report was made; undefined when there never was one. */
  readonly asOf: string | undefined;
  readonly root: Told;
  /** Only where nothing was changed in the user's login since. */
  password(user: UserAnswers): Told;
}

const NOTHING: Told = () => undefined;

export async function lastToldBy(look: Look): Promise<LastTold> {
  const { head } = look;
  const before = await readBefore(look);
  if (head === undefined || before === undefined) return { asOf: undefined, root: NOTHING, password: () => NOTHING };
  const { columns, records } = before.parsed;
  const byId = new Map(records.map((record) => [record.identity.id, record]));
  const toldOf = (record: CredentialRecord | undefined): Told =>
    record === undefined ? NOTHING : (column) => record.cells[columns.indexOf(column)];
  return {
    asOf: head.manifest.origin === 'synthesised' ? await handedOn(look) : formatInstant(head.generatedAt),
    root: toldOf(byId.get(ROOT_USER)),
    password(user) {
      const record = byId.get(userNameOf(user.name));
      return record !== undefined && isUntouched(user, record, head.generatedAt) ? toldOf(record) : NOTHING;
    },
  };
}

/** A synthesised head hands on what it was told itself. */
async function handedOn(look: Look): Promise<string | undefined> {
  const part = readJson((await look.headParts([SYNTHESIS_PART])).get(SYNTHESIS_PART), SynthesisPart);
  return part === 'damaged' ? undefined : part?.last_told;
}

/** The same user, whose login was not changed since the report before, and was shown in it. */
function isUntouched(user: UserAnswers, record: CredentialRecord, seenAt: Instant): boolean {
  const { profile } = user;
  if (profile === 'none' || isUntold(profile) || record.cells.includes(LOGIN_DISABLED)) return false;
  const updatedAt = readInstant(profile.updated);
  if (updatedAt === undefined || updatedAt >= seenAt) return false;
  return valueOf(record.identity.createdAt) === readInstant(user.created);
}
