/** Door `@latchkey/sdk/client`: an account on this device, from registration to leaving. */
export { RefusedError, SdkError, type SdkErrorCode } from '../errors.ts';
export type {
  AccountState,
  Client,
  DeviceSession,
  LogInRequest,
  RecoveryKit,
  Registered,
  RegisterRequest,
  SignInCard,
} from './types.ts';
