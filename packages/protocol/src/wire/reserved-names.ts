/**
 * Local parts that no owner gets: those that the mail standards reserve (RFC 2142), those that could pass for the
 * operator, and those of Latchkey's own services.
 */
const reserved: ReadonlySet<string> = new Set(
  `abuse admin administrator billing bridge contact daemon demand demands desk dns everyone ftp help hostmaster info
  latchkey legal list lists mail mailer mailer-daemon marketing moderator news no-reply nobody noc noreply null office
  operator owner police policy postmaster privacy recovery register root sales security server service ssl staff
  status support sysadmin system team trust usenet users uucp verify webmaster witness www`.split(/\s+/),
);

export function isReservedName(localPart: string): boolean {
  return reserved.has(localPart.replaceAll(/[._]/g, '-')) || reserved.has(localPart.replaceAll(/[._+-]/g, ''));
}
