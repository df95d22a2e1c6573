namespace StarPortal.Core.Revocation;

/// <summary>What came of reporting a device lost.</summary>
/// <param name="Revoked">How many certificates were revoked.</param>
/// <param name="ReplacementId">The request for the replacement; null: none was begun.</param>
public sealed record LossReported(int Revoked, Guid? ReplacementId);

/// <summary>What the page shows before the button is pressed.</summary>
/// <param name="Certificates">Those that would be revoked: subject and serial number.</param>
/// <param name="CanReplace">Whether a replacement can be begun along with it.</param>
public sealed record LossView(IReadOnlyList<LostCertificate> Certificates, bool CanReplace);

public sealed record LostCertificate(string SerialNumber, string Subject, DateTimeOffset NotAfter);
