/* A boot sector that shows the race of timers.pml with -DHALTS on QEMU itself (seen on 7.2.22).
 *
 * It computes for up to 65,536 instructions, waits with HLT for the next tick of the PIT, and reads the TSC, that is,
 * QEMU_CLOCK_VIRTUAL under icount: 20,000 times. Then it prints a hash, the minimum and the maximum of the lengths.
 * -icount sleep=off promises the same in every run:
 *   as --32 halt-race.S -o halt-race.o && ld -m elf_i386 -Ttext 0x7c00 --oformat binary halt-race.o -o halt-race.bin
 *   qemu-system-x86_64 -M pc -nodefaults -net none -display none -icount shift=0,sleep=off -serial file:out.txt \
 *     -device isa-debug-exit,iobase=0x501 -drive file=halt-race.bin,format=raw,if=floppy -boot a -monitor none
 * Six of eight runs gave the first line, the others the next two. With the main loop kept busy (`-monitor stdio`, its
 * input from `yes "info version" | head -c 30000000`) each of six runs gave something else, such as the last two.
 *   8eb61f81 00346185 00346186
 *   95984bed 00345e2c 003464df
 *   8e3d8601 00345f63 003463a8
 *   75259244 00337b26 003547e5
 *   969330d4 003366a0 00355c6b
 * A tick is up to 64,229 ns too long or too short: the instructions of the slice that ended with HLT, at 1 ns each.
 * A guest that spins instead of HLT gave the same in every run, with a busy main loop too. */
.code16
.globl _start
_start:
  cli
  xorw %ax, %ax
  movw %ax, %ds
  movw %ax, %ss
  movw $0x7000, %sp
  movw $irq0, 0x20              /* IRQ 0 is interrupt 8 */
  movw %ax, 0x22
  movb $0x34, %al               /* PIT, mode 2, divisor 0x1000: 3.4 ms */
  outb %al, $0x43
  xorb %al, %al
  outb %al, $0x40
  movb $0x10, %al
  outb %al, $0x40
  movb $0xfe, %al               /* no other interrupt */
  outb %al, $0x21
  movl $20000, %esi
  xorl %edi, %edi               /* the hash */
  movl $12345, 0x6000           /* the next random number */
  movl $0xffffffff, 0x6004      /* the minimum */
  movl $0, 0x6008               /* the maximum */
  sti
  hlt
  hlt
  rdtsc
  movl %eax, %ebx
again:
  imull $1103515245, 0x6000, %eax
  addl $12345, %eax
  movl %eax, 0x6000
  shrl $14, %eax
  andl $0x7fff, %eax
  incl %eax
work:
  decl %eax
  jnz work
  hlt
  rdtsc
  movl %eax, %edx
  subl %ebx, %eax
  movl %edx, %ebx
  cmpl 0x6004, %eax
  jae 1f
  movl %eax, 0x6004
1:
  cmpl 0x6008, %eax
  jbe 2f
  movl %eax, 0x6008
2:
  roll $5, %edi
  addl %eax, %edi
  decl %esi
  jnz again
  cli
  movl %edi, %eax
  call hex
  movl 0x6004, %eax
  call hex
  movl 0x6008, %eax
  call hex
  movb $10, %al
  call putc
  movw $0x501, %dx              /* isa-debug-exit */
  outb %al, %dx
  hlt
irq0:
  pushw %ax
  movb $0x20, %al
  outb %al, $0x20
  popw %ax
  iret
hex:
  movw $8, %cx
digit:
  roll $4, %eax
  pushl %eax
  andb $15, %al
  addb $'0', %al
  cmpb $'9', %al
  jbe 1f
  addb $39, %al
1:
  call putc
  popl %eax
  loop digit
  movb $' ', %al
putc:
  movw $0x3f8, %dx
  outb %al, %dx
  ret
.org 510
.word 0xaa55
