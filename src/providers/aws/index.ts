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
import { KEY_KIND, keyAudit } from './key-audit/kind.ts';
import { organization } from './organization.ts';
import { outline } from './outline.ts';
import { policies } from './policies.ts';
import { stackSet } from './rollout.ts';
import { Settings } from './settings.ts';

const KINDS = { [KIND]: credentialReport, [ACCESS_KIND]: accessAudit, [KEY_KIND]: keyAudit };
const REAL_HOST = /(?:^|\.)(?:amazonaws\.com|amazonaws\.com\.cn|api\.aws|amazonaws\.eu)\.?$/;

export const aws: Provider = {
  name: 'aws',
  accountId: { pattern: /^\d{12}$/, hint: 'twelve digits, in quotes: "123456789012"' },
  principal: {
    pattern: /^(?:arn:aws[a-z-]*:(?:iam|sts)::\d{12}:\S+|\d{12})$/,
    hint: 'an ARN of IAM or STS, or an account id',
  },
  settings: Settings,
  isRealCloud: (settings) => isReal(settingsOf(settings).endpoint),
  kinds: KINDS,
  connect,
  organization,
  policies: written,
  rollouts: { 'cloudformation-stackset': (needs) => stackSet(needs, written) },
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
  const { keyIds, userTags, rootMfa, maxRps } = settings;
  const desk = deskOf({ accountId: account.id, keyIds, userTags, rootMfa, maxRps, clock, observe });
  const audits = auditsOf(account, settings, tools);
  return {
    identify: (signal) => api.identify(signal),
    probe: async (signal) => [...(await probe(api, settings, signal)), ...(await audits.probe(signal))],
    skewMs: () => api.skewMs(),
    async next(kind, look) {
      if (kind === KIND) return collect(api, desk, look);
      const audit = audits.next(kind, look);
      if (audit !== undefined) return audit;
      throw new Fault('misconfigured', `account ${account.id}: aws has no report kind ${kind}`);
    },
    close() {
      api.close();
      audits.close();
    },
  };
}

/** An endpoint may name the real cloud too: a region's, or one in a VPC. */
function isReal(endpoint: Settings['endpoint']): boolean {
  if (endpoint === undefined) return true;
  return Object.values(endpoint).some((url) => url !== undefined && REAL_HOST.test(new URL(url).hostname));
}

/** The contract hands settings over as unknown; they are what our own schema made. */
function settingsOf(settings: unknown): Settings {
  return settings as Settings;
}
