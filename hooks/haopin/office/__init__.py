"""Work of the office: new records, approval, status, and exchange of spreadsheets."""
