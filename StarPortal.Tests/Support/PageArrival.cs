using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace StarPortal.Tests.Support;

/// <summary>Waits for the address bar alone: what else the page still loads is for the assertion that follows.</summary>
internal static class PageArrival
{
    private static readonly PageAssertionsToHaveURLOptions Patient = new() { Timeout = 45_000 };

    /// <param name="page">The page that was sent somewhere.</param>
    /// <param name="glob"><c>**</c> stands for anything, <c>*</c> for anything but a slash.</param>
    public static Task ArriveAsync(this IPage page, string glob) => Assertions.Expect(page).ToHaveURLAsync(
        new Regex(Regex.Escape(glob).Replace(@"\*\*", ".*", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal) + "$", RegexOptions.None, TimeSpan.FromSeconds(1)), Patient);

    /// <param name="page">The page that goes elsewhere.</param>
    /// <param name="path">The path that it leaves; a path below it is elsewhere.</param>
    public static Task LeaveAsync(this IPage page, string path) =>
        Assertions.Expect(page).Not.ToHaveURLAsync(new Regex(Regex.Escape(path) + @"(\?|#|$)", RegexOptions.None, TimeSpan.FromSeconds(1)), Patient);
}
