interface RecordFormat {
  readonly signature: number
  readonly size: number
}

// The records of a zip archive (PKWARE's APPNOTE, 4.3): their signatures and the bytes before names.
export const LOCAL: RecordFormat = { signature: 0x04034b50, size: 30 }
export const CENTRAL: RecordFormat = { signature: 0x02014b50, size: 46 }
export const END: RecordFormat = { signature: 0x06054b50, size: 22 }

export const STORED = 0
export const DEFLATED = 8
export const UTF8_NAME: number = 1 << 11
/** A 32-bit size that isn't told here, but in a field of 64 bits. */
export const ELSEWHERE = 0xffffffff
