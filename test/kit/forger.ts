import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

interface ManifestOnDisk {
  number: number;
  collected_at: string;
  previous?: { number: number; sha256: string };
  parts: { name: string; file: string; size: number; sha256: string }[];
}

/** Somebody who can write to the archive's folder, and knows how it is made. */
export function forger(archive: string, source: string, sink: string) {
  const chain = join(archive, 'sources', source);
  const receipts = join(archive, 'receipts', sink, source);
  const report = (number: number) => join(chain, eight(number));
  const manifest = (number: number) => join(report(number), 'manifest.json');
  const partFile = (number: number, begin: string) =>
    join(report(number), readdirSync(report(number)).find((file) => file.startsWith(begin))!);
  const receipt = (number: number) => {
    const name = existsSync(receipts)
      ? readdirSync(receipts).find((file) => file.startsWith(eight(number)))
      : undefined;
    return name === undefined ? undefined : join(receipts, name);
  };

  function edit(number: number, change: (manifest: ManifestOnDisk) => void): void {
    const read = JSON.parse(readFileSync(manifest(number), 'utf8')) as ManifestOnDisk;
    change(read);
    writeFileSync(manifest(number), `${JSON.stringify(read, undefined, 2)}\n`);
  }

  /** Every report from `first` on names the one before it as that one is now. */
  function rechain(first: number): void {
    for (let number = first; existsSync(manifest(number)); number += 1) {
      const sha256 = digest(readFileSync(manifest(number - 1)));
      edit(number, (one) => {
        one.previous = { number: number - 1, sha256 };
      });
    }
  }

  /** Receipts, too, can be written anew by whoever may write. */
  function rewriteReceipts(first: number): void {
    for (let number = first; existsSync(manifest(number)); number += 1) {
      const old = receipt(number);
      if (old === undefined) continue;
      const { sha256: _, ...body } = JSON.parse(readFileSync(old, 'utf8')) as Record<string, unknown>;
      const named = { ...body, manifest: digest(readFileSync(manifest(number))) };
      const sealed = { ...named, sha256: digest(Buffer.from(JSON.stringify(named))) };
      rmSync(old);
      writeFileSync(
        join(receipts, `${eight(number)}-${named.manifest.slice(0, 12)}.json`),
        `${JSON.stringify(sealed, undefined, 2)}\n`,
      );
    }
  }

  return {
    flipByte(number: number, begin: string): void {
      const file = partFile(number, begin);
      const bytes = readFileSync(file);
      bytes[bytes.length >> 1]! ^= 1;
      writeFileSync(file, bytes);
    },
    removePart: (number: number, begin: string) => rmSync(partFile(number, begin)),
    edit,
    removeReport: (number: number) => rmSync(report(number), { recursive: true }),
    /** A copy of the report takes the next number, and all that follow move up by one. */
    insertAfter(number: number): void {
      const numbers = readdirSync(chain)
        .map(Number)
        .sort((one, other) => other - one);
      for (const later of numbers.filter((one) => one > number)) renameSync(report(later), report(later + 1));
      cpSync(report(number), report(number + 1), { recursive: true });
    },
    removeNewest(count: number, also: { readonly receipts: boolean }): void {
      for (const number of readdirSync(chain)
        .map(Number)
        .sort((one, other) => other - one)
        .slice(0, count)) {
        rmSync(report(number), { recursive: true });
        if (also.receipts) rmSync(receipt(number)!, { force: true });
      }
    },
    /** Other bytes in a report, with every digest that vouches for them made anew. */
    rewrite(number: number, change: (csv: string) => string, also: { readonly receipts: boolean }): void {
      const old = partFile(number, 'report-');
      const bytes = Buffer.from(change(gunzipSync(readFileSync(old)).toString('utf8')));
      const sha256 = digest(bytes);
      const file = `report-${sha256}.csv.gz`;
      rmSync(old);
      const packed = gzipSync(bytes, { level: 6 });
      packed.set([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
      writeFileSync(join(report(number), file), packed);
      edit(number, (one) => {
        one.parts = one.parts.map((part) =>
          part.name === 'report.csv' ? { name: part.name, file, size: bytes.length, sha256 } : part,
        );
      });
      rechain(number + 1);
      if (also.receipts) rewriteReceipts(number);
    },
    removeReceipt: (number: number) => rmSync(receipt(number)!),
    changeReceipt(number: number): void {
      const file = receipt(number)!;
      writeFileSync(file, readFileSync(file, 'utf8').replace(/"events": \d+/, '"events": 0'));
    },
    swapReceipts(one: number, other: number): void {
      const [first, second] = [receipt(one)!, receipt(other)!];
      const bytes = readFileSync(first);
      writeFileSync(first, readFileSync(second));
      writeFileSync(second, bytes);
    },
  };
}

export type Forger = ReturnType<typeof forger>;

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function eight(number: number): string {
  return String(number).padStart(8, '0');
}
