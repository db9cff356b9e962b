/** Mail as other programs write and read it: RFC 5322 and MIME. */
export {};
