import { testPart } from './parts.ts'

testPart('update', 100)
