/** What must never reach a log line, whatever an error message carried along. */
const SECRETS: readonly RegExp[] = [
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b(?=[^]{0,40}(?:secret|signature))/gi,
  /\b(?:LTAI|AKID)[A-Za-z0-9]{8,}/g,
  /(?<=(?:aws_secret_access_key|secretaccesskey|secret_access_key|sessiontoken|session_token|password|authorization)["'=: ]{1,4})[^\s"',}&]{4,}/gi,
  /(?<=X-Amz-(?:Signature|Security-Token|Credential)=)[^&\s"']+/gi,
  /(?<=Signature=)[0-9a-f]{16,}/gi,
  /whsec_[A-Za-z0-9+/=]{8,}/g,
  /(?<=:\/\/[^/\s:@]{0,64}:)[^@\s/]{1,256}(?=@)/g,
];

export function scrub(text: string): string {
  return SECRETS.reduce((scrubbed, pattern) => scrubbed.replace(pattern, '[secret]'), text);
}
