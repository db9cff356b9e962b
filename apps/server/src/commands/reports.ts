import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServerError } from '../errors.ts';
import { judgeReport, type ReportVerdict } from '../reports/judge-report.ts';
import { parseReport } from '../reports/parse-report.ts';
import { hourOf } from '../times.ts';
import { print, printJson, type Command } from './command.ts';
import { withData } from './open-data.ts';

export const reports: Command = {
  name: 'reports',
  operands: [],
  takes: ['out'],
  givesJson: true,
  summary: 'list messages that owners reported; with --out DIR write them there, sealed to your abuse key',
  run: ({ read, out, json }) =>
    withData(read.config.data, async ({ db }) => {
      const rows = await db.selectFrom('report').selectAll().orderBy('day').orderBy('id').execute();
      if (out !== null) {
        if (existsSync(out)) throw new ServerError('output_exists', `${out} is there already`);
        mkdirSync(out, { recursive: true, mode: 0o700 });
        for (const row of rows) writeFileSync(join(out, `${hex(row.id)}.age`), row.sealed, { mode: 0o600 });
      }
      const listed = rows.map(({ id, day, sealed }) => ({
        id: hex(id),
        day: new Date(day * 86_400_000).toISOString().slice(0, 10),
        bytes: sealed.length,
      }));
      if (json) printJson(listed);
      else for (const { id, day, bytes } of listed) print(`${id}\t${day}\t${bytes} bytes`);
      return 0;
    }),
};

export const removeReport: Command = {
  name: 'remove-report',
  operands: ['ID'],
  summary: 'remove a reported message; all go after 90 days',
  run: ({ read, operands: [id = ''] }) =>
    withData(read.config.data, async ({ write }) => {
      if (!/^[0-9a-f]{32}$/.test(id)) throw new ServerError('argument_invalid', 'ID is what "reports" lists');
      if (!(await write('removeReport', { id: new Uint8Array(Buffer.from(id, 'hex')) }))) {
        throw new ServerError('argument_invalid', `there is no report ${id}`);
      }
      print(`${id}: removed`);
      return 0;
    }),
};

export const checkReport: Command = {
  name: 'check-report',
  operands: ['FILE'],
  takes: ['out'],
  givesJson: true,
  summary: 'say who signed a message that you opened with your abuse key; with --out FILE write the message itself',
  run: ({ read, operands: [file = ''], out, json }) =>
    withData(read.config.data, async ({ db }) => {
      if (!existsSync(file)) throw new ServerError('argument_invalid', `there is no file ${file}`);
      const report = parseReport(readFileSync(file));
      if (report === null) throw new ServerError('argument_invalid', `${file} is no report that was opened`);
      const { verdict, replaced } = await judgeReport(db, report, hourOf(Date.now()));
      const { reason, words, statement, mime } = report;
      // What nobody signed is not given out as if somebody had.
      if (out !== null && verdict === 'proved') {
        if (existsSync(out)) throw new ServerError('output_exists', `${out} is there already`);
        writeFileSync(out, mime, { mode: 0o600 });
      }
      const facts = {
        verdict,
        replaced,
        from: statement.from.address,
        to: [...statement.to, ...statement.cc].map(({ address }) => address),
        date: new Date(statement.dateSeconds * 1_000).toISOString(),
        attachments: statement.attachments.length,
        reason,
        words,
      };
      if (json) printJson(facts);
      else {
        print(`${VERDICT_WORDS[verdict]}\nfrom\t${facts.from}\nto\t${facts.to.join(', ')}\ndate\t${facts.date}`);
        print(`attachments\t${facts.attachments}, not disclosed\nreason\t${reason}\nwords\t${words ?? 'none'}`);
        if (replaced)
          print('These keys were replaced since: somebody who stole them can have signed it, then or later.');
        print('Who reported it is not known, and its words are nobody’s but the reporter’s.');
      }
      return verdict === 'proved' ? 0 : 1;
    }),
};

const VERDICT_WORDS: Readonly<Record<ReportVerdict, string>> = {
  proved: 'The keys of the sender signed this message, word for word.',
  altered: 'The sender signed another message than this one: do not act on it.',
  unsigned: 'The signature does not hold: do not act on it.',
  unknown: 'No such keys of the sender are known here: do not act on it.',
};

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
