using System.Runtime.InteropServices;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>Whether OpenSSL 3 is there, and its errors in words.</summary>
internal static class OpenSslLibrary
{
    /// <summary>OPENSSL_INIT_NO_ATEXIT: at the end of the process threads of ours may still be in a call; the runtime initialises it in the same way.</summary>
    private const ulong NoAtExit = 0x0008_0000;

    /// <summary>Loads and initialises it; may be called any number of times.</summary>
    /// <exception cref="ServiceException">Unavailable, saying what to install.</exception>
    public static void Require()
    {
        try
        {
            if (LibSsl.OPENSSL_init_ssl(NoAtExit, 0) != 1) throw Unusable("it can't be initialised");
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            throw Unusable("it is missing");
        }
    }

    /// <summary>Must follow the call that failed on the same thread, with no await between; empties the thread's queue, which the runtime uses as well.</summary>
    internal static string TakeError()
    {
        var code = LibCrypto.ERR_get_error();
        var reason = code == 0 ? null : Marshal.PtrToStringUTF8(LibCrypto.ERR_reason_error_string(code));
        LibCrypto.ERR_clear_error();
        return reason ?? "unknown error";
    }

    /// <summary>In OpenSSL's words, such as <c>certificate has expired</c>.</summary>
    internal static string VerificationText(int error) => Marshal.PtrToStringUTF8(LibCrypto.X509_verify_cert_error_string(error)) ?? "unknown error";

    private static ServiceException Unusable(string why) =>
        new(ErrorKind.Unavailable, $"The MyProxy server needs OpenSSL 3 ({LibSsl.Library}), but {why}. Install it, or set MyProxy:Port to 0.");
}
