using System.Text;

namespace StarPortal.Core.Registry;

/// <summary>The secret that both registries know. Read anew each time, so that a new one counts without a restart.</summary>
internal static class OutsideSecret
{
    private const int MinLength = 32;

    /// <exception cref="IOException">The file is not there any more.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it be read.</exception>
    public static byte[] Read(string file) => Encoding.UTF8.GetBytes(File.ReadAllText(file).Trim());

    /// <returns>What is wrong with it, to stand behind the option's name; null: nothing.</returns>
    public static string? FindProblem(string? file)
    {
        if (string.IsNullOrWhiteSpace(file)) return "is missing: it names the file with the shared secret";
        try
        {
            return Read(file).Length < MinLength ? $"{file} holds fewer than {MinLength} octets" : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"{file} cannot be read";
        }
    }
}
