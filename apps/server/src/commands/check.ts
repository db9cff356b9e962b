import { blobFiles } from '../blobs/blob-files.ts';
import { inventoryProblems } from '../inventory/inventory-problems.ts';
import { integrityProblems } from '../store/sqlite.ts';
import { print, printJson, type Command } from './command.ts';
import { fileProblems } from './file-problems.ts';
import { withData } from './open-data.ts';
import { rowProblems } from './row-problems.ts';
import { useProblems } from './use-problems.ts';

export const check: Command = {
  name: 'check',
  operands: [],
  givesJson: true,
  summary: 'check the data: the database, the inventory, rows against rows, blobs against files, every account’s count',
  run: ({ read, json }) =>
    withData(read.config.data, async ({ db }) => {
      const files = await fileProblems(db, blobFiles(read.config.data), Date.now());
      const problems = [
        ...(await integrityProblems(db)),
        ...(await inventoryProblems(db)),
        ...(await rowProblems(db)),
        ...(await useProblems(db)),
        ...files.problems,
      ];
      if (json) printJson({ problems, notes: files.notes });
      else {
        for (const note of files.notes) print(`note: ${note}`);
        for (const problem of problems) print(problem);
        print(problems.length === 0 ? 'Nothing is wrong.' : `Problems: ${problems.length}.`);
      }
      return problems.length === 0 ? 0 : 1;
    }),
};
