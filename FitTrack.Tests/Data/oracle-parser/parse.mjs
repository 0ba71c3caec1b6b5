// For each line ["statement", ...] on standard input it answers a line [["line:column message", ...], ...], one list a statement.
// One process for all of them: what the parser learns from the first statements makes the others quick.
// package.json overrides the version of antlr4 that the parser names: 4.13.0 takes six times as long, since its sets hash all members alike.
import { createInterface } from "node:readline";
import antlr4 from "antlr4";
import { PlSqlLexer, PlSqlParser } from "@griffithswaite/ts-plsql-parser";

const SLL = 0;

class Errors extends antlr4.error.ErrorListener {
  list = [];

  syntaxError(recognizer, symbol, line, column, message) {
    this.list.push(`${line}:${column} ${message.replace(/ expecting \{.*/s, "")}`);
  }
}

function parse(sql) {
  const errors = new Errors();
  const lexer = new PlSqlLexer(new antlr4.InputStream(sql));
  lexer.removeErrorListeners();
  lexer.addErrorListener(errors);
  const parser = new PlSqlParser(new antlr4.CommonTokenStream(lexer));
  parser.removeErrorListeners();
  parser.addErrorListener(errors);
  parser.buildParseTrees = false;
  parser._interp.predictionMode = SLL;
  parser.sql_script();
  return errors.list;
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(JSON.parse(line).map(parse)));
}
