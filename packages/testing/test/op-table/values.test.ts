import { testPart } from './parts.ts'

testPart('values', 40)
