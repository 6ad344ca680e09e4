import {expect,it} from "vitest"; import {formatQuantity} from "@perfkeel/core"; it("x",()=>expect(formatQuantity(16.3e6,"ns")).toBe("16.3 ms"))
