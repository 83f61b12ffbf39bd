import type { Part } from '../domain/report.ts';

export function jsonPart(name: string, value: unknown): Part {
  return { name, bytes: new TextEncoder().encode(JSON.stringify(value)) };
}
