import { testPart } from './parts.ts'

testPart('other-laws')
