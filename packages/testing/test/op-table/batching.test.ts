import { testPart } from './parts.ts'

testPart('batching')
