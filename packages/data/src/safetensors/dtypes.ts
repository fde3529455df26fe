import { DTypeError } from '@gradtape/core'
import type { DType } from '@gradtape/core'

const byCode: Readonly<Record<string, DType>> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  I64: 'int64',
  I32: 'int32',
  U8: 'uint8',
  BOOL: 'bool',
}
const codes = new Map(Object.entries(byCode).map(([code, dtype]) => [dtype, code]))

/** The dtype that safetensors calls `code`. @throws {DTypeError} when there is none. */
export function dtypeOfCode(where: string, code: string): DType {
  if (!Object.hasOwn(byCode, code)) {
    throw new DTypeError(
      `${where} has the dtype ${JSON.stringify(code)}; only ${Object.keys(byCode).join(', ')} are read`,
    )
  }
  return byCode[code]!
}

export function codeOfDType(dtype: DType): string {
  return codes.get(dtype)!
}
