import type { Account } from '../../domain/account.ts';
import { Fault } from '../../domain/fault.ts';
import type { Connection, PolicyDocument, PolicyNeeds, Provider, ProviderTools } from '../provider.ts';
import { actions } from './actions.ts';
import { openApi } from './api.ts';
import { collect } from './credential-report/collect.ts';
import { deskOf, KIND } from './credential-report/desk.ts';
import { credentialReport } from './credential-report/kind.ts';
import { probe } from './credential-report/probe.ts';
import { isRealCloud } from './endpoints.ts';
import { organization } from './organization.ts';
import { outline } from './outline.ts';
import { policies } from './policies.ts';
import { ros } from './rollout.ts';
import { Settings } from './settings.ts';

const KINDS = { [KIND]: credentialReport };

export const alibaba: Provider = {
  name: 'alibaba',
  accountId: { pattern: /^\d{5,20}$/, hint: 'the digits of the main account (UID), in quotes: "1234567890123456"' },
  settings: Settings,
  isRealCloud: (settings) => isRealCloud(settingsOf(settings).endpoint),
  kinds: KINDS,
  connect,
  organization,
  policies: written,
  rollouts: { ros: (needs) => ros(needs, written) },
  actions,
  outline: (settings) => outline(settingsOf(settings)),
};

function written(needs: PolicyNeeds): readonly PolicyDocument[] {
  return policies(needs, KINDS);
}

async function connect(account: Account, { clock, observe }: ProviderTools): Promise<Connection> {
  const settings = settingsOf(account.settings);
  const api = await openApi(account, settings, clock);
  const { keyIds, maxRps } = settings;
  const desk = deskOf({ accountId: account.id, keyIds, maxRps, clock, observe });
  return {
    identify: (signal) => api.identify(signal),
    probe: (signal) => probe(api, signal),
    skewMs: () => api.skewMs(),
    async next(kind, look) {
      if (kind === KIND) return collect(api, desk, look);
      throw new Fault('misconfigured', `account ${account.id}: alibaba has no report kind ${kind}`);
    },
    close: () => api.close(),
  };
}

/** The contract hands settings over as unknown; they are what our own schema made. */
function settingsOf(settings: unknown): Settings {
  return settings as Settings;
}
