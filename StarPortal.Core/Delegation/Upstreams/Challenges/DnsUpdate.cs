using System.Text;
using StarPortal.Core.Acme;

namespace StarPortal.Core.Delegation;

/// <summary>An UPDATE message (RFC 2136 2) that adds or deletes one TXT record and leaves those beside it alone.</summary>
/// <param name="Text">ASCII, up to 255 characters: one character-string.</param>
internal sealed record DnsUpdate(DnsName Zone, DnsName Name, string Text, int TimeToLive, bool IsDeletion)
{
    public const int Opcode = 5;

    private const int ClassInternet = 1;
    private const int ClassNone = 254;

    /// <exception cref="DnsFormatException">A name that cannot be written.</exception>
    public byte[] Write(ushort id)
    {
        var text = Encoding.ASCII.GetBytes(Text);
        return new DnsWriter()
            .U16(id).U16(Opcode << 11)
            .U16(1).U16(0).U16(1).U16(0) // zone, prerequisites, updates, additional
            .Name(Zone).U16((int)DnsRecordType.StartOfAuthority).U16(ClassInternet)
            .Name(Name).U16((int)DnsRecordType.Text).U16(IsDeletion ? ClassNone : ClassInternet).U32(IsDeletion ? 0 : TimeToLive) // 2.5.1, 2.5.4
            .U16(1 + text.Length).Raw([(byte)text.Length]).Raw(text)
            .ToArray();
    }
}
