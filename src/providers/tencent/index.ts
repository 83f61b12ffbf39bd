import type { Account } from '../../domain/account.ts';
import { Fault } from '../../domain/fault.ts';
import type { Connection, PolicyDocument, PolicyNeeds, Provider, ProviderTools } from '../provider.ts';
import { ACCESS_KIND, accessAudit } from './access-audit/kind.ts';
import { actions } from './actions.ts';
import { openApi } from './api.ts';
import { auditsOf } from './audits.ts';
import { collect } from './credential-report/collect.ts';
import { deskOf, KIND, pacesOf } from './credential-report/desk.ts';
import { credentialReport, credentialReportImport } from './credential-report/kinds.ts';
import { probe } from './credential-report/probe.ts';
import { KEY_KIND, keyAudit } from './key-audit/kind.ts';
import { organization } from './organization.ts';
import { outline } from './outline.ts';
import { policies } from './policies.ts';
import { tccli } from './rollout.ts';
import { Settings } from './settings.ts';

const KINDS = {
  [KIND]: credentialReport,
  'credential-report-import': credentialReportImport,
  [ACCESS_KIND]: accessAudit,
  [KEY_KIND]: keyAudit,
};
const REAL_HOST = /(?:^|\.)tencentcloudapi\.(?:com|woa\.com|com\.cn)\.?$/;

export const tencent: Provider = {
  name: 'tencent',
  accountId: { pattern: /^[1-9]\d{4,19}$/, hint: 'the UIN of the main account, in quotes: "100012345678"' },
  settings: Settings,
  isRealCloud: (settings) => isReal(settingsOf(settings).endpoint),
  kinds: KINDS,
  connect,
  organization,
  policies: written,
  rollouts: { tccli: (needs) => tccli(needs, written) },
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
  const paces = pacesOf(settings, clock);
  const desk = deskOf({ accountId: account.id, settings, clock, observe, paces });
  const audits = auditsOf({ account, settings, tools, api, paces });
  return {
    identify: (signal) => api.identify(signal),
    probe: async (signal) => [...(await probe(api, desk, signal)), ...(await audits.probe(signal))],
    skewMs: () => api.skewMs(),
    async next(kind, look) {
      if (kind === KIND) return collect(api, desk, look);
      const audit = audits.next(kind, look);
      if (audit !== undefined) return audit;
      throw new Fault(
        'misconfigured',
        `account ${account.id}: ${kind} is not collected, it is brought by "muster reports import"`,
      );
    },
    close() {
      api.close();
      audits.close();
    },
  };
}

/** An endpoint may name the real cloud too: an inner one, or another site's. */
function isReal(endpoint: Settings['endpoint']): boolean {
  if (endpoint === undefined) return true;
  const { cam, sts, cloudaudit = cam } = endpoint;
  return [cam, sts, cloudaudit].some((url) => REAL_HOST.test(new URL(url).hostname));
}

/** The contract hands settings over as unknown; they are what our own schema made. */
function settingsOf(settings: unknown): Settings {
  return settings as Settings;
}
