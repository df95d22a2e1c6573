using StarPortal.Core.Data;

namespace StarPortal.Core.Acme;

/// <summary>What an <see cref="IOrderExtension"/> read of an order that is about to be placed.</summary>
public interface IOrderTerms
{
    /// <summary>As <see cref="IOrderExtension.Kind"/>.</summary>
    string Kind { get; }

    /// <summary>Name of the issuance profile when neither the client nor its account's binding says.</summary>
    string DefaultProfile { get; }

    /// <summary>Adds its rows to the unit of work that places the order. May be called twice, with different contexts.</summary>
    void AddTo(RowBatch rows, AcmeOrder order);
}
