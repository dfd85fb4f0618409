#ifndef JBUILD_TERMINAL_H
#define JBUILD_TERMINAL_H

/* Makes a terminal in the box, sends its controlling side through the socket, and returns the side for the command. */
int terminal_give(int socket);

/* Makes the user's terminal hand every key through (termios(3), cfmakeraw); what it was like is kept. */
void terminal_make_raw(int terminal);

/* Makes it what it was. */
void terminal_restore(int terminal);

/* Gives the one the size of the other. */
void terminal_copy_size(int from, int to);

#endif
