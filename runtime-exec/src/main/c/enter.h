#ifndef JBUILD_ENTER_H
#define JBUILD_ENTER_H

/*
 * Executes the command in the best namespaces that this user can have, which JBUILD_ENTERED=rung:reason then tells it:
 * root, mapped (all subordinate ids), single (one id), none. It never keeps the command from running.
 */
_Noreturn void enter_main(char **command);

#endif
