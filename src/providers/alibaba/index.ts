import type { Account } from '../../domain/account.ts';
import { Fault } from '../../domain/fault.ts';
import type { Connection, PolicyDocument, PolicyNeeds, Provider, ProviderTools } from '../provider.ts';
import { ACCESS_KIND, accessAudit } from './access-audit/kind.ts';
import { actions } from './actions.ts';
import { openApi } from './api.ts';
import { auditsOf } from './audits.ts';
import { collect } from './credential-report/collect.ts';
import { deskOf, KIND } from './credential-report/desk.ts';
import { credentialReport } from './credential-report/kind.ts';
import { probe } from './credential-report/probe.ts';
import { isRealCloud } from './endpoints.ts';
import { KEY_KIND, keyAudit } from './key-audit/kind.ts';
import { organization } from './organization.ts';
import { outline } from './outline.ts';
import { policies } from './policies.ts';
import { ros } from './rollout.ts';
import { Settings } from './settings.ts';

const KINDS = { [KIND]: credentialReport, [ACCESS_KIND]: accessAudit, [KEY_KIND]: keyAudit };

export const alibaba: Provider = {
  name: 'alibaba',
  accountId: { pattern: /^\d{5,20}$/, hint: 'the digits of the main account (UID), in quotes: "1234567890123456"' },
  principal: { pattern: /^acs:ram::\d+:\S+$/, hint: 'an ARN such as acs:ram::1234567890123456:role/muster-hub' },
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

async function connect(account: Account, tools: ProviderTools): Promise<Connection> {
  const { clock, observe } = tools;
  const settings = settingsOf(account.settings);
  const api = await openApi(account, settings, clock);
  const { keyIds, maxRps } = settings;
  const desk = deskOf({ accountId: account.id, keyIds, maxRps, clock, observe });
  const audits = auditsOf(account, settings, tools);
  return {
    identify: (signal) => api.identify(signal),
    probe: async (signal) => [...(await probe(api, signal)), ...(await audits.probe(signal))],
    skewMs: () => api.skewMs(),
    async next(kind, look) {
      if (kind === KIND) return collect(api, desk, look);
      const audit = audits.next(kind, look);
      if (audit !== undefined) return audit;
      throw new Fault('misconfigured', `account ${account.id}: alibaba has no report kind ${kind}`);
    },
    close() {
      api.close();
      audits.close();
    },
  };
}

/** The contract hands settings over as unknown; they are what our own schema made. */
function settingsOf(settings: unknown): Settings {
  return settings as Settings;
}
