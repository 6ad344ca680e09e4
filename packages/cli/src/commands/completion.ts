import { ExitCode, usageError } from '@perfkeel/core';
import type { Io } from '../io.ts';
import { closest } from './closest.ts';

// The shells know nothing of commands: they ask for the words that may stand at the place of the cursor. A line of an
// answer is a word and, behind a tab, what it means; the line ":files" asks the shell for names of files too.

const bash = `# perfkeel completion for bash: eval "$(perfkeel completion bash)"
_perfkeel() {
  local current="\${COMP_WORDS[COMP_CWORD]}" word files=
  COMPREPLY=()
  while IFS=$'\\t' read -r word _; do
    if [[ $word == :files ]]; then files=1; continue; fi
    [[ $word == "$current"* ]] && COMPREPLY+=("$(printf '%q' "$word")")
  done < <("\${COMP_WORDS[0]}" __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null)
  if [[ -n $files ]]; then
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$current")
    compopt -o filenames 2>/dev/null
  fi
}
complete -F _perfkeel perfkeel
`;

const zsh = `#compdef perfkeel
# perfkeel completion for zsh: eval "$(perfkeel completion zsh)"
_perfkeel() {
  local -a answers described
  local answer
  answers=("\${(@f)$("\${(Q)words[1]}" __complete -- "\${(@Q)words[2,CURRENT-1]}" 2>/dev/null)}")
  for answer in $answers; do
    if [[ $answer == :files ]]; then _files; continue; fi
    described+=("\${\${answer%%$'\\t'*}//:/\\\\:}:\${answer#*$'\\t'}")
  done
  (( $#described )) && _describe perfkeel described
}
compdef _perfkeel perfkeel
`;

const fish = `# perfkeel completion for fish: perfkeel completion fish | source
function __perfkeel_complete
  set -l words (commandline -opc)
  set -l program $words[1]
  set -e words[1]
  set -l answers ($program __complete -- $words 2>/dev/null)
  string match -v -- :files $answers
  contains -- :files $answers; and __fish_complete_path (commandline -ct)
end
complete -c perfkeel -f -a '(__perfkeel_complete)'
`;

const scripts: Readonly<Record<string, string>> = { bash, zsh, fish };

/** `perfkeel completion <shell>`: prints the script of a shell. @throws PerfError `bad-option`, exit code 2. */
export function completionCommand(shell: string, io: Io): number {
  const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
  if (script === undefined) {
    const meant = closest(shell, Object.keys(scripts));
    throw usageError(`there is no completion for ${JSON.stringify(shell)}`, {
      code: 'bad-option',
      hint: meant === undefined ? 'There is one for bash, zsh and fish.' : `Did you mean ${meant}?`,
    });
  }
  io.stdout.write(script);
  return ExitCode.Ok;
}
