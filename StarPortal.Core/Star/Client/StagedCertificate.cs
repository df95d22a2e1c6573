using StarPortal.Core.Shared;

namespace StarPortal.Core.Star;

/// <summary>A certificate that is on the disk under a name of its own; renaming is all that is left to do.</summary>
public sealed class StagedCertificate(string partial, string place) : IDisposable
{
    /// <summary>One step of the file system: whoever opens the place gets the old file or the new one.</summary>
    public void PutInPlace()
    {
        File.Move(partial, place, overwrite: true);
        PrivateDirectory.Announce(place);
    }

    public void Dispose() => File.Delete(partial);
}
