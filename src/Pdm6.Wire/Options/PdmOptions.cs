namespace Pdm6.Wire;

/// <summary>
/// All PDM options of one packet, of whatever carriage, in one walk: those of its Destination Options headers, then
/// that of its UDP surplus area. More than one makes the packet's PDM malformed (protocol reference, section 3).
/// <code>
/// foreach (PdmOptionInPacket option in new PdmOptions(packet)) ...
/// </code>
/// </summary>
public readonly ref struct PdmOptions
{
    private readonly Ipv6PacketView _packet;
    private readonly byte _optionType;
    private readonly ushort _exId;

    /// <param name="packet">The packet.</param>
    /// <param name="optionType">The option type that means PDMv2 here.</param>
    /// <param name="exId">The ExID that means PDMv2 here.</param>
    public PdmOptions(
        scoped in Ipv6PacketView packet, byte optionType = Pdmv2OptionView.DefaultOptionType, ushort exId = UdpOption.DefaultExId)
    {
        _packet = packet;
        _optionType = optionType;
        _exId = exId;
    }

    /// <summary>
    /// The only PDM option of the packet. False if there is none; if there are two, an option of the form
    /// <see cref="PdmOptionForm.Malformed"/> stands for them.
    /// </summary>
    public bool TryFindOnly(out PdmOptionInPacket only)
    {
        only = default;
        Enumerator walk = GetEnumerator();
        if (!walk.MoveNext())
            return false;
        only = walk.Current;
        if (walk.MoveNext())
            only = new PdmOptionInPacket(PdmOptionForm.Malformed, only.IsUdpOption, only.Octets);
        return true;
    }

    /// <summary>The options one by one.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Walks the options.</summary>
    public ref struct Enumerator
    {
        private readonly PdmOptions _all;
        private ExtensionHeaders.Enumerator _headers;
        private HeaderOptions.Enumerator _options;
        private bool _isDone;
        private bool _hasOverrun;

        internal Enumerator(PdmOptions all)
        {
            _all = all;
            _headers = all._packet.ExtensionHeaders.GetEnumerator();
        }

        /// <summary>The option at hand.</summary>
        public PdmOptionInPacket Current { get; private set; }

        /// <summary>Goes on to the next PDM option; false if there is none.</summary>
        public bool MoveNext()
        {
            if (_isDone)
                return false;
            do
            {
                while (_options.MoveNext())
                {
                    PdmOptionForm form = PdmOption.FormOf(_options.Current, _all._optionType);
                    if (form == PdmOptionForm.None)
                        continue;
                    Current = new PdmOptionInPacket(form, isUdpOption: false, _options.Current);
                    return true;
                }
            }
            while (!TryReadOverrun() && MoveToNextHeader());
            if (_hasOverrun)
            {
                _hasOverrun = false;
                return true;
            }
            _isDone = true;
            return TryReadUdpOption();
        }

        /// <summary>An option that is longer than its header is malformed, if it is one of ours.</summary>
        private bool TryReadOverrun()
        {
            ReadOnlySpan<byte> overrun = _options.Overrun;
            _options = default;
            _hasOverrun = !overrun.IsEmpty && PdmOption.IsPdmType(overrun[0], _all._optionType);
            if (_hasOverrun)
                Current = new PdmOptionInPacket(PdmOptionForm.Malformed, isUdpOption: false, overrun);
            return _hasOverrun;
        }

        private bool MoveToNextHeader()
        {
            while (_headers.MoveNext())
            {
                if (_headers.HeaderType != NextHeader.DestinationOptions)
                    continue;
                _options = _headers.Current.Options.GetEnumerator();
                return true;
            }
            return false;
        }

        private bool TryReadUdpOption()
        {
            if (!UdpSurplus.TryFind(_all._packet, out UdpSurplus surplus))
                return false;
            PdmOptionForm form = UdpOptionView.TryRead(
                surplus.Octets, surplus.StartsAtOddOffset, _all._exId, out UdpOptionView view) switch
            {
                UdpOptionReadStatus.Ok => view.IsProtected ? PdmOptionForm.Sealed : PdmOptionForm.Clear,
                UdpOptionReadStatus.UnknownVersion => PdmOptionForm.UnknownVersion,
                // Others leave octets behind datagrams too: only what begins like an area of ours is a spoilt one.
                UdpOptionReadStatus.Malformed when UdpOptionView.BeginsWithPdm(surplus, _all._exId) => PdmOptionForm.Malformed,
                _ => PdmOptionForm.None,
            };
            Current = new PdmOptionInPacket(form, isUdpOption: true, view.Octets.IsEmpty ? surplus.Octets : view.Octets);
            return form != PdmOptionForm.None;
        }
    }
}
