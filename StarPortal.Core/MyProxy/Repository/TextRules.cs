using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>Texts that clients send and that go out again a line each.</summary>
internal static class TextRules
{
    /// <exception cref="ServiceException">Invalid.</exception>
    public static void Require(string text, string what, int limit)
    {
        if (text.Length > limit || text.Any(char.IsControl)) throw MyProxyErrors.BadName(what, limit);
    }
}
