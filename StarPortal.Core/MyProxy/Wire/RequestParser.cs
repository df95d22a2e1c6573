using System.Globalization;
using System.Text;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// Reads a request. Unlike the genuine server, which looks for a field's name anywhere in the text, this goes by line, so that a passphrase may contain anything;
/// a field that comes twice and a number that is not decimal are refused.
/// </summary>
internal static class RequestParser
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="text">Without the NUL at its end.</param>
    /// <exception cref="ServiceException">What is wrong, in the genuine server's words.</exception>
    public static MyProxyRequest Parse(ReadOnlySpan<byte> text)
    {
        var fields = RequestFields.Of(text);
        if (!fields.AreComplete) throw MyProxyErrors.Malformed();
        if (!Get(fields, "VERSION"u8).SequenceEqual("MYPROXYv2"u8)) throw MyProxyErrors.UnknownVersion();
        var command = ReadCommand(Get(fields, "COMMAND"u8));
        var userName = ReadText(fields, "USERNAME"u8) ?? "";
        if (userName.Length == 0 && command is not MyProxyCommand.GetTrustRoots) throw MyProxyErrors.InvalidUserName();

        return new()
        {
            Command = command,
            UserName = userName,
            Lifetime = ReadLifetime(Get(fields, "LIFETIME"u8)),
            CredentialName = ReadText(fields, "CRED_NAME"u8) ?? "",
            Description = ReadText(fields, "CRED_DESC"u8),
            Policies = new(ReadText(fields, "RETRIEVER"u8), ReadText(fields, "KEYRETRIEVERS"u8), ReadText(fields, "RETRIEVER_TRUSTED"u8), ReadText(fields, "RENEWER"u8)),
            WantsTrustRoots = Get(fields, "TRUSTED_CERTS"u8).SequenceEqual("1"u8),
            Passphrase = UsesPassphrase(command) ? ReadPassphrase(Get(fields, "PASSPHRASE"u8)) : [],
            NewPassphrase = command is MyProxyCommand.ChangePassphrase ? ReadPassphrase(Get(fields, "NEW_PHRASE"u8)) : [],
        };
    }

    /// <summary>Where it is not used, clients send <c>DUMMY-PASSPHRASE</c> or nothing.</summary>
    private static bool UsesPassphrase(MyProxyCommand command) =>
        command is MyProxyCommand.Get or MyProxyCommand.Put or MyProxyCommand.ChangePassphrase or MyProxyCommand.Store or MyProxyCommand.Retrieve;

    private static ReadOnlySpan<byte> Get(RequestFields fields, ReadOnlySpan<byte> name) => fields.TryGet(name, out var value) ? value : default;

    private static MyProxyCommand ReadCommand(ReadOnlySpan<byte> value)
    {
        if (!IsDecimal(value)) throw MyProxyErrors.Malformed();
        return value is [>= (byte)'0' and <= (byte)'7'] ? (MyProxyCommand)(value[0] - '0') : throw MyProxyErrors.UnknownCommand();
    }

    /// <returns>Null for 0 and below: as long as is allowed. Longer than any certificate is as good as the longest.</returns>
    private static TimeSpan? ReadLifetime(ReadOnlySpan<byte> value)
    {
        var digits = value.Trim(" \t"u8);
        var isNegative = digits is [(byte)'-', ..];
        if (digits is [(byte)'-' or (byte)'+', ..]) digits = digits[1..];
        if (!IsDecimal(digits)) throw MyProxyErrors.Malformed();
        if (isNegative) return null;
        var seconds = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var read) ? read : int.MaxValue;
        return seconds == 0 ? null : TimeSpan.FromSeconds(seconds);
    }

    private static bool IsDecimal(ReadOnlySpan<byte> value) => !value.IsEmpty && !value.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    /// <returns>Null when the line is missing or says nothing.</returns>
    private static string? ReadText(RequestFields fields, ReadOnlySpan<byte> name)
    {
        if (!fields.TryGet(name, out var value) || value.IsEmpty) return null;
        try
        {
            var text = StrictUtf8.GetString(value);
            return text.Any(char.IsControl) ? throw MyProxyErrors.Malformed() : text;
        }
        catch (DecoderFallbackException)
        {
            throw MyProxyErrors.Malformed();
        }
    }

    private static byte[] ReadPassphrase(ReadOnlySpan<byte> value) => value.Length <= PassphraseRules.MaxBytes ? value.ToArray() : throw MyProxyErrors.PassphraseTooLong();
}
