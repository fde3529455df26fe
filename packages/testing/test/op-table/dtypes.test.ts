import { testPart } from './parts.ts'

testPart('dtypes', 60)
