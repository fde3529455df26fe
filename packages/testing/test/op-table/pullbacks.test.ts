import { testPart } from './parts.ts'

testPart('pullbacks', 40)
