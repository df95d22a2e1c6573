using System.Text;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>What a passphrase may be, in UTF-8.</summary>
internal static class PassphraseRules
{
    /// <summary>As the genuine tools have it.</summary>
    public const int MinLength = 6;

    public const int MaxBytes = 1_024;

    public static bool IsUsable(ReadOnlySpan<byte> passphrase) => passphrase.Length <= MaxBytes && Encoding.UTF8.GetCharCount(passphrase) >= MinLength;

    /// <exception cref="ServiceException">Invalid.</exception>
    public static void RequireAllowed(StoredKeyForm form, bool allowsNone)
    {
        if (form is StoredKeyForm.Plain && !allowsNone) throw MyProxyErrors.PassphraseRequired();
    }

    /// <summary>For a passphrase that is chosen.</summary>
    /// <param name="allowsNone">Whether there may be none.</param>
    /// <exception cref="ServiceException">Invalid.</exception>
    public static void Require(ReadOnlySpan<byte> passphrase, bool allowsNone)
    {
        if (passphrase.Length == 0)
        {
            if (!allowsNone) throw MyProxyErrors.PassphraseRequired();
            return;
        }

        if (passphrase.Length > MaxBytes) throw MyProxyErrors.PassphraseTooLong();
        if (!IsUsable(passphrase)) throw MyProxyErrors.PassphraseTooShort();
    }
}
