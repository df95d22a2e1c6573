using System.Text.RegularExpressions;

namespace StarPortal.Tests.Architecture;

/// <summary>One folder calls into a library that is not .NET's, and has unsafe code for it.</summary>
[Trait("Category", "Unit")]
public sealed partial class NativeCodeTests
{
    private const string Folder = "StarPortal.Core/MyProxy/OpenSsl/";

    [Fact]
    public void NativeCode_IsInItsFolderOnly() =>
        Assert.Empty(Sources.Under("StarPortal.Core", "*.cs").Where(file => !file.Path.StartsWith(Folder, StringComparison.Ordinal) && Native().IsMatch(file.Text)).Select(file => file.Path));

    [Fact]
    public void NativeCalls_AreSeenNowhereElse() =>
        Assert.Empty(Sources.Under("StarPortal.Core", "*.cs").Where(file => !file.Path.StartsWith(Folder, StringComparison.Ordinal) && Calls().IsMatch(file.Text)).Select(file => file.Path));

    [GeneratedRegex(@"\bunsafe (partial|class|struct|static|void)\b|\bunsafe\s*\{|\[LibraryImport|\[DllImport", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Native();

    [GeneratedRegex(@"\bLib(Ssl|Crypto)\.", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Calls();
}
