namespace Pdm6.Wire;

/// <summary>
/// All PDM options of one packet, of whatever carriage, in one walk: those of its Destination Options headers, then
/// that of its UDP surplus area. More than one makes the packet's PDM malformed (protocol reference, section 3), and so
/// does a broken one (docs/formats.md).
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
    /// The only PDM option of the packet. False if there is none. If there are two, or an option of whatever type runs past
    /// the end of its Destination Options header, an option of the form <see cref="PdmOptionForm.Malformed"/> stands for
    /// all.
    /// </summary>
    public bool TryFindOnly(out PdmOptionInPacket only)
    {
        only = default;
        Enumerator walk = GetEnumerator();
        if (!walk.MoveNext())
            return false;
        only = walk.Current;
        if (walk.MoveNext() || walk.HasOverrun)
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
        private bool _hasFound;
        private bool _isDone;

        internal Enumerator(PdmOptions all)
        {
            _all = all;
            _headers = all._packet.ExtensionHeaders.GetEnumerator();
        }

        /// <summary>The option at hand.</summary>
        public PdmOptionInPacket Current { get; private set; }

        /// <summary>True once an option of whatever type ran past the end of its Destination Options header.</summary>
        public bool HasOverrun { get; private set; }

        /// <summary>Goes on to the next PDM option; false if there is none.</summary>
        public bool MoveNext()
        {
            if (_isDone)
                return false;
            do
            {
                while (_options.MoveNext())
                {
                    if (TryTake(_options.Current))
                        return true;
                }
                ReadOnlySpan<byte> overrun = _options.Overrun;
                _options = default;
                HasOverrun |= !overrun.IsEmpty;
                if (TryTake(overrun))
                    return true;
            }
            while (MoveToNextHeader());
            _isDone = true;
            return TryTakeUdpOption();
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

        private bool TryTake(ReadOnlySpan<byte> option) =>
            TryTake(PdmOption.FormOf(option, _all._optionType), isUdpOption: false, option);

        private bool TryTakeUdpOption()
        {
            if (!UdpSurplus.TryFind(_all._packet, out UdpSurplus surplus))
                return false;
            PdmOptionForm form = UdpOptionView.Find(
                surplus.Octets, surplus.StartsAtOddOffset, _all._exId, out UdpOptionView view, out bool hasPdmOption) switch
            {
                UdpOptionReadStatus.Ok => view.IsProtected ? PdmOptionForm.Protected : PdmOptionForm.Clear,
                UdpOptionReadStatus.UnknownVersion => PdmOptionForm.UnknownVersion,
                // Others leave octets behind datagrams too. Where the checksum does not say that these are options, they
                // count only if they look like ours and there is no other option that they could spoil.
                UdpOptionReadStatus.Malformed when hasPdmOption || (!_hasFound && UdpOptionView.BeginsWithPdm(surplus, _all._exId)) =>
                    PdmOptionForm.Malformed,
                _ => PdmOptionForm.None,
            };
            return TryTake(form, isUdpOption: true, view.Octets.IsEmpty ? surplus.Octets : view.Octets);
        }

        private bool TryTake(PdmOptionForm form, bool isUdpOption, ReadOnlySpan<byte> octets)
        {
            if (form == PdmOptionForm.None)
                return false;
            Current = new PdmOptionInPacket(form, isUdpOption, octets);
            _hasFound = true;
            return true;
        }
    }
}
