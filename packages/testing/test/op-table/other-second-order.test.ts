import { testPart } from './parts.ts'

testPart('other-second-order')
