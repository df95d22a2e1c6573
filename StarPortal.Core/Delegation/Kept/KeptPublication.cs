using System.Text;
using StarPortal.Core.Star;

namespace StarPortal.Core.Delegation;

/// <summary>What is at the URL of an order whose certificates the portal keeps, as it was read a moment ago.</summary>
internal sealed class KeptPublication(DelegatedOrder order, KeptCertificate certificate)
{
    private const int SecondsBetweenLooks = 300;

    private readonly ServedCertificate served = ServedCertificate.Of(Encoding.ASCII.GetBytes(certificate.Pem), certificate.SerialNumber, certificate.NotBefore, certificate.NotAfter);

    /// <exception cref="Acme.AcmeException">autoRenewalCanceled, autoRenewalExpired; 503: its successor is late.</exception>
    public StarCertificateAnswer AnswerAt(DateTimeOffset now)
    {
        if (order.Status is DelegatedOrderStatus.Canceled) throw StarErrors.Canceled();
        if (order is { IsStar: true, EndDate: { } end } && end < now) throw StarErrors.Expired(end);
        if (certificate.NotAfter < now) throw order.IsStar ? StarErrors.Late() : StarErrors.Expired(certificate.NotAfter);
        return new StarCertificateAnswer(served, served.CacheControlAt(now, isPublic: true, SecondsBetweenLooks));
    }
}
