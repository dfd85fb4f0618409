#ifndef JBUILD_DESCRIPTOR_H
#define JBUILD_DESCRIPTOR_H

/* Sends an open file through a socket; `what` names it when that fails. */
void descriptor_send(int socket, int descriptor, const char *what);

/* Receives an open file; -1 when nobody sent one before the other end closed. */
int descriptor_receive(int socket);

enum { DESCRIPTORS_MAX = 2 };

/* Receives the open files of one message, of which there may be none; -1 when the other end closed. */
int descriptors_receive(int socket, int *descriptors, int most);

#endif
