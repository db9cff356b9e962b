export { bundle, type Bundle } from './browser/bundle.ts';
export { browserMissing, findBrowser, type BrowserName } from './browser/find-browser.ts';
export { serveFiles, type FileServer, type ServedFile } from './browser/serve-files.ts';
export { strictHeaders, type PolicyOptions } from './browser/strict-headers.ts';
export { withVisitors, type VisitedPage, type Visitor } from './browser/visit.ts';
export {
  withBrowser,
  withPage,
  type Door,
  type PageOptions,
  type RunningBrowser,
  type TestPage,
} from './browser/with-page.ts';
export { TestkitError, type TestkitErrorCode } from './errors.ts';
export { fuzz, fuzzFor, type AwaitedFuzzTarget, type FuzzFigures, type FuzzTarget } from './fuzz.ts';
export { outsideProgram } from './outside-program.ts';
export { quickLoginClient } from './quick-login-client.ts';
export { sharedVectors } from './shared-vectors.ts';
export { onSmallDisk, type SmallDisk } from './small-disk.ts';
export { soakShare, tellSoak } from './soak-share.ts';
