/** By standard or tool, the numbers or names that it has for the same thing. */
export type ControlIds = Readonly<Record<string, string | readonly string[]>>;

/** By cloud. */
export type Controls = Readonly<Record<string, ControlIds>>;

const AWS_VERSIONS = ['3.0', '4.0.1', '5.0', '6.0', '7.0'] as const;
const ALIBABA_VERSIONS = ['1.0', '2.0'] as const;

interface Known<Cis> {
  /** By version, in order; `-` where a version does not have it. Texts: 1.10 is not 1.1. */
  readonly cis?: Cis;
  readonly securityHub?: string | readonly string[];
  readonly prowler?: string;
}

export function awsControls(known: Known<readonly [string, string, string, string, string]>): ControlIds {
  return controlsOf('CIS AWS', AWS_VERSIONS, known);
}

export function alibabaControls(known: Known<readonly [string, string]>): ControlIds {
  return controlsOf('CIS Alibaba Cloud', ALIBABA_VERSIONS, known);
}

function controlsOf(name: string, versions: readonly string[], known: Known<readonly string[]>): ControlIds {
  const { cis = [], securityHub, prowler } = known;
  const numbers = versions.map((version, index) => [`${name} ${version}`, cis[index] ?? '-'] as const);
  return {
    ...Object.fromEntries(numbers.filter(([, number]) => number !== '-')),
    ...(securityHub === undefined ? {} : { 'Security Hub': securityHub }),
    ...(prowler === undefined ? {} : { Prowler: prowler }),
  };
}
