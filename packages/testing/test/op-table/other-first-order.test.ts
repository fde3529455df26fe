import { testPart } from './parts.ts'

testPart('other-first-order')
