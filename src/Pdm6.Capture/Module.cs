using System.Runtime.CompilerServices;

// Hot methods have hundreds of octets of locals, and clearing them first is a part of what a packet costs. The compiler sees to
// it that locals are written before they are read; what stackalloc gives must be written first by who asks for it.
[module: SkipLocalsInit]
